"""Files of networks: loads a `.keras` file that anybody may have made, and names those of other formats."""

from lungseg.files.networks.loading import is_whole, load_network
from lungseg.files.networks.other_formats import refuse_other_networks

__all__ = ["is_whole", "load_network", "refuse_other_networks"]

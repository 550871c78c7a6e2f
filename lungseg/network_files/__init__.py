"""Files of networks: loads a `.keras` file that anybody may have made, and names those of other formats."""

from lungseg.network_files.loading import is_whole, load_network
from lungseg.network_files.other_formats import refuse_other_networks

__all__ = ["is_whole", "load_network", "refuse_other_networks"]

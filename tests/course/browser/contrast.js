// The least contrast between text and its ground in each panel of a page, as the WCAG define it: [[words, contrast], ...].
// Grounds are see-through, and lie on those behind them.
const channels = colour => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found;
};
const linear = part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const luminance = ([red, green, blue]) =>
    0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
const over = (above, below) => [0, 1, 2].map(k => above[3] * above[k] + (1 - above[3]) * below[k]).concat(1);
const groundOf = element => {
    const grounds = [];
    for (let each = element; each; each = each.parentElement)
        grounds.push(channels(getComputedStyle(each).backgroundColor));
    return grounds.reduceRight((below, above) => over(above, below), [255, 255, 255, 1]);
};
const contrastOf = element => {
    const ground = groundOf(element), text = over(channels(getComputedStyle(element).color), ground);
    const [one, other] = [luminance(text), luminance(ground)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};
const leastIn = panel => {
    const words = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), found = [];
    while (words.nextNode()) if (words.currentNode.data.trim()) found.push(contrastOf(words.currentNode.parentElement));
    return Math.min(...found);
};
return Array.from(document.querySelectorAll('.lungseg-panel')).map(panel => [panel.innerText.slice(0, 60), leastIn(panel)]);

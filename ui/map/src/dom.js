// Elements and text. Words of a corpus only ever become text nodes, never markup.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const SHAPES = {
  pan: "M12 3v18M3 12h18M12 3l-2.5 2.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  lasso: "M8 16.5c-3.5-1-5-3-5-5.500C3 7 7 4 12 4s9 3 9 7-4 6.500-8.500 6.500c-1.500 0-2.500-.1-3.500-.5M8 16.500a2 2 0 1 0-2.500 2c-.2 1 .3 2 1.500 2.500",
  box: "M4 7V4h3M17 4h3v3M20 17v3h-3M7 20H4v-3M11 4h2M11 20h2M4 11v2M20 11v2",
  new: "M5 5h14v14H5z",
  add: "M5 5h14v14H5zM12 8.500v7M8.500 12h7",
  subtract: "M5 5h14v14H5zM8.500 12h7",
  intersect: "M4 4h11v11H4zM9 9h11v11H9zM9.500 12.500l3-3M10 15l5-5",
  grow: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 2v4M12 18v4M2 12h4M18 12h4M10.500 3.500 12 2l1.500 1.500M10.500 20.500 12 22l1.500-1.500M3.500 10.500 2 12l1.500 1.500M20.500 10.500 22 12l-1.500 1.500",
  invert: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  clear: "M6 6l12 12M18 6 6 18",
  undo: "M9 7 4.500 11.500 9 16M5 11.500h9a5 5 0 0 1 0 10h-2",
  home: "M4 11l8-7 8 7M6.500 9.500V20h11V9.500",
  in: "M12 5v14M5 12h14",
  out: "M5 12h14",
  contours: "M12 4c5 0 9 3 9 8s-4 8-9 8-9-3-9-8 4-8 9-8M12 9c2.500 0 4.500 1 4.500 3s-2 3-4.500 3-4.500-1-4.500-3 2-3 4.500-3",
  names: "M5 6h14M12 6v13M9 19h6",
  grey: "M12 12m-1 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0M5 6m-1 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0M18 7m-1 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0M7 17m-1 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0M18 17m-1 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0",
  trust: "M12 3l7.500 3v5c0 5-3.500 8.500-7.500 10-4-1.500-7.500-5-7.500-10V6zM9 12l2.200 2.200L15.500 10",
  card: "M4 5h16v14H4zM7.500 9h9M7.500 12.500h9M7.500 16h5",
  save: "M12 4v11M8 11.500l4 4 4-4M5 19.500h14",
  eye: "M2.500 12s3.500-6.500 9.500-6.500S21.500 12 21.500 12s-3.500 6.500-9.500 6.500S2.500 12 2.500 12M12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600",
  fold: "M14.500 6 8.500 12l6 6M5 5v14",
  unfold: "M9.500 6l6 6-6 6M5 5v14",
  beside: "M4 5h16v14H4zM13 5v14",
  under: "M4 5h16v14H4zM4 13h16",
  help: "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.500v.5",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export const number = (value) => Number(value).toLocaleString("en-US");

export function short(value) { // 0.0123, 12.3, 1.2M
  const size = Math.abs(value);
  if (size >= 1e6) return (value / 1e6).toPrecision(3).replace(/\.0+$/, "") + "M";
  if (size >= 1e4) return (value / 1e3).toPrecision(3).replace(/\.0+$/, "") + "k";
  return Number(value.toPrecision(3)).toString();
}

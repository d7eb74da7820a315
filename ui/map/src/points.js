// The only file that knows the drawing library: points in, pixels out.
import createScatterplot, { createSpatialIndex } from "regl-scatterplot";

export function canDraw() {
  if (new URLSearchParams(location.search).get("webgl") === "off") return false;
  const gl = document.createElement("canvas").getContext("webgl", { failIfMajorPerformanceCaveat: false });
  if (!gl) return false;
  const good = gl.getExtension("OES_texture_float");
  gl.getExtension("WEBGL_lose_context")?.loseContext(); // a page has room for about sixteen contexts
  return Boolean(good);
}

export async function makeDrawer(canvas, { width, height, background }) {
  const plot = createScatterplot({
    canvas, width, height,
    backgroundColor: background,
    cameraIsFixed: true, // the map moves its own camera, so that the picture without WebGL moves the same way
    pointScaleMode: "constant",
    colorBy: "z", opacityBy: "w", sizeBy: "w",
    pointColor: ["#888888", "#888888"], opacity: [1, 1], pointSize: [3, 3],
    lassoInitiator: false, lassoLongPressIndicator: false, showReticle: false,
    spatialIndexUseWorker: false,
    deselectOnDblClick: false, deselectOnEscape: false,
  });
  if (!plot.isSupported) throw new Error("no float textures");
  // The library would index all points for its own hovering (over a second for a million); ours is quicker.
  const index = await createSpatialIndex([[0, 0]], false);
  let rows = [];
  let busy = null;
  let again = null;

  async function draw() {
    if (busy) {
      again ??= busy.then(() => { again = null; return draw(); });
      return again;
    }
    busy = plot.draw(rows, {
      zDataType: "categorical", wDataType: "categorical", spatialIndex: index.data ?? index, preventFilterReset: true,
    });
    await busy;
    busy = null;
  }

  return {
    // order: the rows to draw, or null for all
    places(x, y, order) {
      const n = order ? order.length : x.length;
      rows = new Array(n);
      for (let i = 0; i < n; i++) {
        const r = order ? order[i] : i;
        rows[i] = [x[r], y[r], 0, 0];
      }
    },
    states(z, w, order) {
      for (let i = 0; i < rows.length; i++) {
        const r = order ? order[i] : i;
        rows[i][2] = z[r];
        rows[i][3] = w[r];
      }
      return draw();
    },
    palette: (colours) => plot.set({ pointColor: colours }),
    looks: (opacity, pointSize) => plot.set({ opacity, pointSize }),
    background: (colour) => plot.set({ backgroundColor: colour }),
    view: (matrix) => plot.view(matrix, { preventEvent: true }),
    size: (w, h) => plot.set({ width: w, height: h }),
    snap: () => new Promise((resolve) => { // in the frame itself: later the picture is gone from the canvas
      const copy = document.createElement("canvas");
      const take = () => {
        copy.width = canvas.width;
        copy.height = canvas.height;
        copy.getContext("2d").drawImage(canvas, 0, 0);
        plot.unsubscribe("drawing", take);
        resolve(copy);
      };
      plot.subscribe("drawing", take);
      plot.redraw();
    }),
    end: () => plot.destroy(),
  };
}

// The only file that knows WebGL: points in, pixels out. Two floats and two bytes a point live on the graphics card.
import { rgb } from "./colours.js";
import { inOrder } from "./order.js";
import { MOST, SIDE } from "./thin.js";

const VERTEX = `#version 300 es
precision highp float;
#define MOST ${MOST.toFixed(2)}
layout(location = 0) in float x;
layout(location = 1) in float y;
layout(location = 2) in uint code;
layout(location = 3) in uint state;
uniform vec4 view;          // scale x, scale y, shift x, shift y
uniform float sizes[5];     // pixels, by state
uniform float opacities[5]; // by state
uniform sampler2D palette;  // 256 colours, by code
uniform int lit;            // the one code that is isolated, -1 for none
uniform sampler2D thin;     // opacity by local density
uniform vec3 cells;         // where it lies: x, y, side
flat out vec4 colour;
flat out float size;
void main() {
  if (state == 0u) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  int s = int(state);
  bool isolated = lit >= 0 && int(code) == lit;
  // Higher states lie nearer, so that the selection is above the rest in whatever order the points come.
  float depth = isolated ? 0.0 : 0.9 - float(s) * 0.2;
  gl_Position = vec4(x * view.x + view.z, y * view.y + view.w, depth, 1.0);
  float alone = texture(thin, (vec2(x, y) - cells.xy) / cells.z).r * MOST;
  bool one = s == 2 || isolated;
  size = sizes[s] * (s == 2 && alone > 0.85 ? 1.25 : 1.0);
  gl_PointSize = size + 1.0;
  float opacity = one ? clamp(opacities[2] * alone, 0.16, 0.9) : opacities[s];
  if (isolated) opacity = max(opacity, 0.5);
  if (lit >= 0 && !isolated) opacity *= 0.12;
  colour = vec4(texelFetch(palette, ivec2(int(code), 0), 0).rgb * opacity, opacity);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 colour;
flat in float size;
out vec4 pixel;
void main() {
  float there = length(gl_PointCoord - 0.5) * (size + 1.0);
  float cover = clamp(size * 0.5 - there + 0.5, 0.0, 1.0);
  if (cover < 0.02) discard;
  pixel = colour * cover;
}`;

const SOFT = /swiftshader|llvmpipe|softpipe|software|basic render/i; // no graphics card behind it

// Whether points are best drawn by WebGL: where a processor would imitate it, setting the pixels itself is far quicker.
export function hasWebgl() {
  const asked = new URLSearchParams(location.search).get("webgl");
  const gl = asked === "off" ? null : document.createElement("canvas").getContext("webgl2");
  if (!gl) return false;
  const about = gl.getExtension("WEBGL_debug_renderer_info");
  const by = String(gl.getParameter(about?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext(); // a page has room for about sixteen contexts
  return asked === "on" || !SOFT.test(by);
}

export function makeDrawer(canvas) {
  // preserveDrawingBuffer: a picture is built up over several frames.
  const gl = canvas.getContext("webgl2", { antialias: false, preserveDrawingBuffer: true, powerPreference: "high-performance" });
  if (!gl) throw new Error("no WebGL2");
  const program = link(gl);
  gl.useProgram(program);
  const [view, sizeTable, opacityTable, lit, cells, thin, palette] = ["view", "sizes", "opacities", "lit", "cells", "thin", "palette"].map((name) => gl.getUniformLocation(program, name));
  const buffers = [0, 1, 2, 3].map((index) => {
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(index);
    if (index < 2) gl.vertexAttribPointer(index, 1, gl.FLOAT, false, 0, 0);
    else gl.vertexAttribIPointer(index, 1, gl.UNSIGNED_BYTE, 0, 0);
    return buffer;
  });
  [[gl.NEAREST, palette], [gl.LINEAR, thin]].forEach(([filter, name], unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.uniform1i(name, unit);
  });
  gl.uniform1i(lit, -1);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.enable(gl.DEPTH_TEST);
  gl.depthFunc(gl.LEQUAL);

  const fill = (index, values, order) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[index]);
    gl.bufferData(gl.ARRAY_BUFFER, inOrder(values, order), index < 2 ? gl.STATIC_DRAW : gl.DYNAMIC_DRAW);
  };

  return {
    places(x, y, order) { // order: the rows to draw, in drawing order
      fill(0, x, order);
      fill(1, y, order);
    },
    states(codes, states, order) {
      fill(2, codes, order);
      fill(3, states, order);
    },
    palette(colours) {
      const bytes = new Uint8Array(256 * 4);
      colours.forEach((c, i) => bytes.set([...rgb(c), 255], i * 4));
      gl.activeTexture(gl.TEXTURE0);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    },
    thin({ bytes, box }) {
      gl.activeTexture(gl.TEXTURE1);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, SIDE, SIDE, 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
      gl.uniform3f(cells, ...box);
    },
    looks(opacities, sizes) {
      gl.uniform1fv(opacityTable, opacities);
      gl.uniform1fv(sizeTable, sizes.map((size) => size * (devicePixelRatio || 1)));
    },
    light: (code) => gl.uniform1i(lit, code),
    draw(camera, from, to, clear) {
      const ratio = devicePixelRatio || 1;
      const width = Math.round(camera.width * ratio), height = Math.round(camera.height * ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      gl.viewport(0, 0, width, height);
      const sx = (2 * camera.scale) / camera.width, sy = (2 * camera.scale) / camera.height;
      gl.uniform4f(view, sx, sy, -camera.x * sx, -camera.y * sy);
      if (clear) gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.drawArrays(gl.POINTS, from, to - from);
    },
    end: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}

function link(gl) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  return program;
}

// fetch alone, in a browser or in Node: NPY in, Float32Array out.
import { readFile } from "node:fs/promises";

async function forecast(service: string, npy: Uint8Array, query: Record<string, string>) {
  const answer = await fetch(`${service}/forecast?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-npy", Accept: "application/x-npy" },
    body: new Blob([npy as BlobPart]),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  // NPY 1.0: magic, version, length of the header, header with the shape, little-endian float32.
  const bytes = await answer.arrayBuffer();
  const start = 10 + new DataView(bytes).getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.slice(10, start));
  const shape = header.match(/'shape': \(([^)]*)\)/)![1].split(",").map(Number);
  return { shape, values: new Float32Array(bytes.slice(start)) };
}

const [service = "http://localhost:8080", sample = "docs/sample"] = process.argv.slice(2);
const rain = await forecast(service, await readFile(`${sample}/radar.npy`), {
  steps: "3",
  time: "2016-09-28T17:00:00Z",
});
console.log(`${rain.shape}, at most ${rain.values.reduce((a, b) => Math.max(a, b || 0), 0).toFixed(1)} mm/h`);

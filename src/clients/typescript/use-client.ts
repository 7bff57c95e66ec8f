// Uses the generated TypeScript client: frames in, frames out, as NPY and as PNGs.
import { readFile } from "node:fs/promises";
import { Configuration, ForecastApi, ModelsApi } from "nowcast-client";

const [service, sample] = process.argv.slice(2);
const configuration = new Configuration({ basePath: service });
const models = await new ModelsApi(configuration).listModels();
const forecasts = new ForecastApi(configuration);
const time = new Date("2016-09-28T17:00:00Z");

const array = await forecasts.forecast({
  body: new Blob([await readFile(`${sample}/radar.npy`)]), steps: 3, time, format: "npy",
});
const header = Buffer.from(await array.slice(0, 128).arrayBuffer()).toString("latin1");
if (!header.includes("NUMPY") || !header.includes("(3, 256, 256)")) throw new Error(header);

const stack = await forecasts.forecast({
  body: new Blob([await readFile(`${sample}/radar.zip`)]), steps: 3, time, format: "png",
});
const bytes = Buffer.from(await stack.arrayBuffer());
if (bytes.toString("latin1", 0, 2) !== "PK" || !bytes.includes("+005min.png")) throw new Error("no ZIP of PNGs");
console.log(`${models.defaultModel}: NPY of ${array.size} bytes, ZIP of ${stack.size} bytes`);

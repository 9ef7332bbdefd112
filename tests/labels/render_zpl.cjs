// Renders label jobs as a ZPL printer would: [{zpl, wide, high, dpmm}] on standard input, lengths
// in millimetres; one list of PNGs in base64 for each on standard output.
const { ready } = require("../node_modules/zpl-renderer-js");

async function main() {
  let said = "";
  for await (const part of process.stdin) said += part;
  const { api } = await ready;
  const rendered = [];
  for (const job of JSON.parse(said)) {
    rendered.push(await api.zplToBase64MultipleAsync(job.zpl, job.wide, job.high, job.dpmm));
  }
  process.stdout.write(JSON.stringify(rendered), () => process.exit(0));
}

main();

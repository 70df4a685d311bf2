// Leak: takes a megabyte more every few milliseconds until it is stopped
const held = [];
for (let megabytes = 1; ; megabytes += 1) {
  held.push(Buffer.alloc(1024 * 1024, 1));
  if (megabytes % 10 === 0) console.log(`holding ${megabytes} MiB`);
  await new Promise((resolve) => setTimeout(resolve, 5));
}

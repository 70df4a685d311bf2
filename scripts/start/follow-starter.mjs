// Loaded before the web process: when its starter is gone, nobody else would end it.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();

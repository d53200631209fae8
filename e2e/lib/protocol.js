/**
 * One JSON command a line in, one JSON reply a line out, strictly in turn.
 */
import readline from "node:readline";

/** @param {unknown} message */
export function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** @param {unknown} error */
export function explain(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Serves commands until `quit` or the end of the input.
 * @param {NodeJS.ReadableStream} input
 * @param {Record<string, (command: Record<string, unknown>) => Promise<unknown>>} commands
 */
export async function serve(input, commands) {
  for await (const line of readline.createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    try {
      const command = JSON.parse(line);
      const name = command?.do;
      if (name === "quit") return;
      const handler = typeof name === "string" && Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (!handler) throw new Error(`unknown command ${JSON.stringify(name)}`);
      say(await handler(command));
    } catch (error) {
      say({ error: explain(error) });
    }
  }
}

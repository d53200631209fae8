/** What the Worker's engine and its bundler bring, as far as the shell uses it. */
declare module "cloudflare:workers" {
  export class DurableObject {
    env: import("./index.js").Env;
    ctx: { id: unknown };
  }
}

declare module "*.wasm" {
  const program: WebAssembly.Module;
  export default program;
}

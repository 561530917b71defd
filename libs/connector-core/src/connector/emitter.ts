/** Callbacks by event name. A callback that throws is counted and disturbs neither the stream nor its neighbours. */
export class Emitter<Events extends object> {
  readonly #callbacks: { [Name in keyof Events]?: ((event: Events[Name]) => void)[] } = {};
  callbackErrors = 0;

  on<Name extends keyof Events>(name: Name, callback: (event: Events[Name]) => void): void {
    this.#callbacks[name] = [...(this.#callbacks[name] ?? []), callback];
  }

  off<Name extends keyof Events>(name: Name, callback: (event: Events[Name]) => void): void {
    this.#callbacks[name] = this.#callbacks[name]?.filter((candidate) => candidate !== callback);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const callbacks = this.#callbacks[name];
    if (callbacks === undefined) return;
    for (const callback of callbacks) {
      try {
        callback(event);
      } catch {
        this.callbackErrors++;
      }
    }
  }
}

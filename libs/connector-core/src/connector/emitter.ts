/**
 * Callbacks by event name. A callback that throws, or is async and rejects, is counted and disturbs neither the
 * stream nor its neighbours.
 */
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
    for (const callback of callbacks) this.guard(callback, event);
  }

  /** Calls what the user gave us; what it throws, or rejects with, is counted. */
  guard<Event>(callback: (event: Event) => unknown, event: Event): void {
    try {
      const returned = callback(event);
      if (isPromise(returned)) returned.then(undefined, () => this.callbackErrors++);
    } catch {
      this.callbackErrors++;
    }
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

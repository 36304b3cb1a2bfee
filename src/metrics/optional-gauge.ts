import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** A gauge without labels that is absent while its value is not known: the library would show it as 0. */
export class OptionalGauge {
  readonly #registry: Registry;
  readonly #about: { readonly name: string; readonly help: string };
  #gauge: Gauge | undefined;

  constructor(registry: Registry, about: { readonly name: string; readonly help: string }) {
    this.#registry = registry;
    this.#about = about;
  }

  set(value: number | undefined): void {
    if (value === undefined) {
      if (this.#gauge !== undefined) this.#registry.removeSingleMetric(this.#about.name);
      this.#gauge = undefined;
      return;
    }
    this.#gauge ??= new Gauge({ ...this.#about, registers: [this.#registry] });
    this.#gauge.set(value);
  }
}

import { deferred } from './core/deferred.ts';
import { AppError } from './core/errors.ts';
import type { Orchestrator } from './orchestrator/index.ts';
import type { Services } from './services.ts';

/**
 * Where calls wait until the services are up. Who waits is told of a start that fails, and so is who comes after that,
 * until another start has begun.
 */
export class ServiceGate {
  #waiting = deferred<Services>();
  #isOpen = false;
  #hasFailed = false;

  constructor({ events, getStatus }: Pick<Orchestrator, 'events'> & { readonly getStatus: Orchestrator['getStatus'] }) {
    events.on('error', (error) => {
      if (this.#isOpen || getStatus().status !== 'error') return;
      this.#hasFailed = true;
      this.#waiting.reject(error);
    });
    events.on('phase', ({ phase, outcome }) => {
      if (this.#hasFailed && phase === 1 && outcome === 'started') this.#renew();
    });
    events.on('stopped', () => {
      this.#waiting.reject(new AppError('not_ready', 'The system has stopped.'));
      this.#renew();
    });
  }

  services(): Promise<Services> {
    return this.#waiting.promise;
  }

  open(services: Services): void {
    this.#isOpen = true;
    this.#waiting.resolve(services);
  }

  #renew(): void {
    this.#isOpen = false;
    this.#hasFailed = false;
    this.#waiting = deferred();
  }
}

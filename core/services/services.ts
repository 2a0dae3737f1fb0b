import 'reflect-metadata';
import { Container } from 'inversify';
import { ExitCode, NcnError } from '../errors/error.js';
import { didYouMean } from '../errors/nearest.js';
import type { Token } from './tokens.js';

/** The services of one run: an inversify container behind typed tokens. */
export class Services {
  private readonly container = new Container({ defaultScope: 'Singleton' });
  private readonly names = new Set<string>();

  /** Offers a value as a service. Binding a name again replaces the service. */
  provide<T>(token: Token<T>, value: T): void {
    this.forget(token);
    this.container.bind(token.id).toConstantValue(value);
  }

  /** Offers a service that is made when it is first asked for. */
  provideLazily<T>(token: Token<T>, make: (services: Services) => T): void {
    this.forget(token);
    this.container.bind(token.id).toDynamicValue(() => make(this));
  }

  has(token: Token<unknown>): boolean {
    return this.container.isBound(token.id);
  }

  /** @throws NcnError when no plugin and not the core provides it (yet) */
  get<T>(token: Token<T>): T {
    if (!this.has(token)) {
      throw new NcnError(`No service '${token.name}' is available at this point.`, {
        code: 'NCN_SERVICE_MISSING',
        exit: ExitCode.plugin,
        hint: `Ask for services inside a hook, not in setup(). ${didYouMean(token.name, this.names)}`,
      });
    }
    return this.container.get<T>(token.id);
  }

  private forget(token: Token<unknown>): void {
    if (this.has(token)) this.container.unbind(token.id);
    this.names.add(token.name);
  }
}

import { Container } from '#inversify';
import { serviceCycle, serviceMissing } from '../errors/services.js';
import type { Token } from './tokens.js';

/** A container keeps the names of its services under this, since it lists none. */
const names = Symbol('names of services');

/** Services behind typed tokens: those of one run, and behind them those of the process. */
export class Services {
  private readonly container: Container;
  /** Names of the services that are being made: each is needed by the one before. */
  private readonly making: string[] = [];

  /** @param parent gives the services that are not found here */
  constructor(parent?: Services) {
    this.container = new Container({
      defaultScope: 'Singleton',
      ...(parent === undefined ? {} : { parent: parent.container }),
    });
  }

  /** Offers a value as a service. Binding a name again replaces the service. */
  provide<T>(token: Token<T>, value: T): void {
    this.bind(token).toConstantValue(value);
  }

  /**
   * Offers a service that is made when it is first asked for, once.
   * @param make may ask for others, such as those that exist only once the run has begun
   */
  provideLazily<T>(token: Token<T>, make: (services: Services) => T): void {
    this.bind(token).toDynamicValue(() => {
      const first = this.making.indexOf(token.name);
      if (first >= 0) throw serviceCycle([...this.making.slice(first), token.name]);
      this.making.push(token.name);
      try {
        return make(this);
      } finally {
        this.making.pop();
      }
    });
  }

  has(token: Token<unknown>): boolean {
    return this.container.isBound(token.id);
  }

  /** @throws NcnError when no plugin and not the core provides it (yet), or it needs itself */
  get<T>(token: Token<T>): T {
    if (this.has(token)) return this.container.get<T>(token.id);
    throw serviceMissing(token.name, this.container.getAll<string>(names, { chained: true }));
  }

  /** A binding in place of the one that there may be; one of the parent stays as it is. */
  private bind<T>({ id, name }: Token<T>) {
    if (!this.container.isCurrentBound(id)) this.container.bind(names).toConstantValue(name);
    return this.container.rebind<T>(id);
  }
}

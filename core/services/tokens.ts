/**
 * A typed name of a service: `token<Logger>('log')`. Two tokens of one name are the same service.
 * (inversify's own `ServiceIdentifier<T>` would let any string or symbol pass for any type.)
 */
export interface Token<T> {
  readonly name: string;
  readonly id: symbol;
  /** Never present at run time: carries the type. */
  readonly service?: T;
}

export function token<T>(name: string): Token<T> {
  return { name, id: Symbol.for(`ncn:service:${name}`) };
}

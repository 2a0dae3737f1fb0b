/** Keeps what was made of the last few texts: the labels of pictures come again and again. */
export class Recent<T> {
  private readonly made = new Map<string, T>();

  constructor(private readonly limit: number) {}

  get(text: string, make: () => T): T {
    const known = this.made.get(text);
    const value = known ?? make();
    // A map lists its entries in the order in which they were set.
    this.made.delete(text);
    this.made.set(text, value);
    const [oldest] = this.made.keys();
    if (this.made.size > this.limit && oldest !== undefined) this.made.delete(oldest);
    return value;
  }
}

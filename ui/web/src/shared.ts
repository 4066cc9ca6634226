/** Texts that many records say, each kept once: what is parsed brings every one of them anew. */

/** Times differ from stop to stop; more texts than these are not looked for again. */
const MOST = 8192;

export class Shared {
  private readonly texts = new Map<string, string>();

  /** The same text, as it was said first. */
  of<T extends string>(text: T): T {
    const known = this.texts.get(text);
    if (known !== undefined) return known as T;
    if (this.texts.size === MOST) this.texts.clear();
    this.texts.set(text, text);
    return text;
  }
}

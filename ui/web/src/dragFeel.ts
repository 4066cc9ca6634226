/** What is seen of a drag beside the canvases: the stop in the hand, its box, the strip, the refusal. */

import type { Draft, Phrase } from "./draft";
import { WORDS } from "./strings";

const HAND_GAP_PX = 20;
const SAID_FOR_MS = 4000;

export interface Hand {
  /** Number of the stop in the hand, 0 for none. */
  readonly number: number;
  readonly count: number;
  readonly colour: string;
}

export class DragFeel {
  private readonly hand = child("div", "drag-hand");
  private readonly box = child("div", "box drag-box");
  private readonly strip = child("div", "drag-strip");
  private readonly words = child("div", "box drag-words");
  private silence = 0;

  constructor(private readonly host: HTMLElement) {
    this.strip.append(child("strong", "", WORDS.unassigned), child("span", "", WORDS.take_off));
    this.words.setAttribute("role", "alert");
    this.box.setAttribute("role", "status");
    host.append(this.strip, this.hand, this.box, this.words);
  }

  begin({ number, count, colour }: Hand): void {
    this.hand.replaceChildren(child("span", "", number > 0 ? String(number) : ""));
    if (count > 1) this.hand.append(child("b", "drag-count", `${count}`));
    this.hand.style.setProperty("--route", colour);
    this.hand.classList.add("is-shown");
    this.hush();
  }

  /** Makes room for what is held, with the strip where there is a route to take it off. */
  offer(canTakeOff: boolean): void {
    this.strip.classList.toggle("is-shown", canTakeOff);
    this.host.classList.add("is-held");
  }

  end(): void {
    for (const element of [this.hand, this.box, this.strip]) element.classList.remove("is-shown", "is-aimed");
    this.host.classList.remove("is-held");
  }

  /** Moves the hand, and the box beside it to where there is room. */
  move(x: number, y: number): void {
    this.hand.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = x + HAND_GAP_PX + width < this.host.clientWidth - 6 ? x + HAND_GAP_PX : x - HAND_GAP_PX - width;
    const top = y + HAND_GAP_PX + height < this.host.clientHeight - 6 ? y + HAND_GAP_PX : y - HAND_GAP_PX - height;
    this.box.style.transform = `translate(${Math.round(Math.max(6, left))}px, ${Math.round(Math.max(6, top))}px)`;
  }

  /** Says what the draft would do. */
  tell({ title, lines }: Draft): void {
    this.box.classList.toggle("is-shown", title !== "");
    this.box.replaceChildren(child("div", "drag-title", title), ...lines.map(line));
  }

  isOverStrip(y: number): boolean {
    return this.strip.classList.contains("is-shown") && y >= this.host.clientHeight - this.strip.offsetHeight;
  }

  aimAtStrip(isAimed: boolean): void {
    this.strip.classList.toggle("is-aimed", isAimed);
  }

  /** Says for a moment why something was not done. */
  say(why: string): void {
    this.words.textContent = why;
    this.words.classList.add("is-shown");
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.hush(), SAID_FOR_MS);
  }

  private hush(): void {
    this.words.classList.remove("is-shown");
  }
}

function line(phrases: readonly Phrase[]): HTMLElement {
  const row = child("div", "drag-row");
  phrases.forEach(([words, tone], place) => {
    const before = phrases[place - 1]?.[0];
    if (before !== undefined) row.append(before.endsWith("→") ? " " : " · ");
    const phrase = child("span", "", words);
    phrase.dataset["tone"] = tone;
    row.append(phrase);
  });
  return row;
}

function child(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

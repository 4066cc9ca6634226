/** Long polls: each answer is asked for with the version last seen, so nothing queues up. */

const RETRY_MS = 500;

/** Asks `url(since)` for ever; `take` returns the version to ask for next. */
export async function poll(url: (since: number) => string, take: (answer: Response) => Promise<number>): Promise<never> {
  let since = 0;
  for (;;) {
    try {
      const answer = await fetch(url(since), { cache: "no-store" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      since = await take(answer);
    } catch (error) {
      console.warn(`live feed of the map: ${String(error)}; asking again from the start`);
      since = 0;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

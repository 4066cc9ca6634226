import { expect, it } from "vitest";
import { Shared } from "../src/shared";

it("gives every text back, however many there are", () => {
  const shared = new Shared();
  for (let i = 0; i < 20_000; i++) expect(shared.of(`window ${i % 9000}`)).toBe(`window ${i % 9000}`);
});

/** Tells that the map is moved, once it has been for a moment, and when it is left alone. */

/** A map that follows a vehicle moves in an instant with every frame: that is no hand. */
const BEGINS_MS = 50;
/** A hand that lets go to take hold again, and a wheel between two levels, are still at it. */
const ENDS_MS = 300;

export class Moved {
  private isTold = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (isMoved: boolean) => void) {}

  /** The map begins to move, or comes to rest. */
  note(isMoving: boolean): void {
    clearTimeout(this.timer);
    if (isMoving === this.isTold) return;
    this.timer = setTimeout(() => {
      this.isTold = isMoving;
      this.tell(isMoving);
    }, isMoving ? BEGINS_MS : ENDS_MS);
  }
}

/** Under what a received activity is known. Some servers use an object's id for the activity too. */
export function receivedId(id: string, type: string): string {
  return `${id} ${type}`;
}

/** Pages of a folder, in the form in which both clients' values are compared. */

export interface Listing {
  readonly partialListing: readonly ListingEntry[];
  readonly remainingEntries: number;
}

export interface ListingEntry {
  readonly path: string;
  readonly fileType: string;
}

/** The name of an entry, which is bytes. */
export function nameOf({ path }: ListingEntry): string {
  return Buffer.from(path.slice("hex ".length), "hex").toString();
}

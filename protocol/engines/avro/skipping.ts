/** Makes functions that pass over datums, under the same budgets as reading. */
import type { DatumReader } from "./datum-reader.js";
import { PairCompiler } from "./resolution.js";
import { isEmpty, type RecordNode, type TypeNode } from "./type-node.js";

/** Moves the cursor behind a datum. Throws RpcError BAD_BYTES. */
export type Skip = (from: DatumReader) => void;

const RAW_SKIPS: Readonly<Record<string, Skip>> = {
  null: () => undefined,
  boolean: (from) => from.skip(1),
  int: (from) => from.skipVarint(),
  long: (from) => from.skipVarint(),
  enum: (from) => from.skipVarint(),
  float: (from) => from.skip(4),
  double: (from) => from.skip(8),
  bytes: (from) => from.skipString(),
  string: (from) => from.skipString(),
};

/** Compiles functions that pass over datums; types that take no bytes cost nothing, however many they are. */
export class SkipCompiler {
  readonly #pairs = new PairCompiler<Skip>();

  compile(writer: TypeNode): Skip {
    return this.#pairs.deeper(() => this.#compile(writer));
  }

  #compile(writer: TypeNode): Skip {
    switch (writer.kind) {
      case "fixed": {
        const { size } = writer;
        return (from) => from.skip(size);
      }
      case "array":
        return skipBlocks(this.compile(writer.items), isEmpty(writer.items), false);
      case "map":
        return skipBlocks(this.compile(writer.values), false, true);
      case "union": {
        const skips = writer.branches.map((branch) => this.compile(branch));
        return (from) => {
          from.enter();
          (skips[from.readIndex(skips.length, "branch")] as Skip)(from);
          from.leave();
        };
      }
      case "record":
        return this.#pairs.once(
          writer,
          writer,
          () => this.#skipRecord(writer),
          (find) => (from) => find()(from),
        );
      default:
        return RAW_SKIPS[writer.kind] as Skip;
    }
  }

  #skipRecord(writer: RecordNode): Skip {
    const skips = writer.fields.filter((field) => !isEmpty(field.type)).map((field) => this.compile(field.type));
    return (from) => {
      // A hundred records, one in the other, may stand around a single byte.
      from.spendObjects(1);
      from.enter();
      for (const skip of skips) skip(from);
      from.leave();
    };
  }
}

function skipBlocks(skipItem: Skip, empty: boolean, keys: boolean): Skip {
  return (from) => {
    from.enter();
    for (let count = from.readBlock(); count > 0; count = from.readBlock()) {
      if (from.blockEnd >= 0) from.position = from.blockEnd;
      else if (empty) from.spendEmptyItems(count);
      else {
        for (; count > 0; count--) {
          if (keys) from.skipString();
          skipItem(from);
        }
      }
    }
    from.leave();
  };
}

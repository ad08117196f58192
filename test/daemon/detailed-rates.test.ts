import assert from "node:assert/strict";
import { test } from "node:test";
import { DetailedRates, MAX_CLASSES, OTHER_CLASSES } from "../../daemon/detailed-rates.js";

const names = (rates: DetailedRates): string[] => rates.all().map(({ name }) => name);

test("methods of one name share a rate, and are named with a capital", () => {
  const rates = new DetailedRates(["echo", "getState", "echo"]);
  assert.deepEqual(names(rates), ["Echo", "GetState"]);
  assert.equal(rates.ofMethod("echo").name, "Echo");
  assert.equal(rates.ofMethod("getState").name, "GetState");
});

test("an error counts under the last part of its class", () => {
  const rates = new DetailedRates([]);
  const classes = ["java.io.IOException", "a.b.Outer$Inner", "Plain", ""];
  assert.deepEqual(
    classes.map((javaClass) => rates.ofError(javaClass).name),
    ["IOException", "Inner", "Plain", "Exception"],
  );
});

test("a method that is not served, classes without end and names without end share one name", () => {
  const rates = new DetailedRates(["echo"]);
  for (let i = 0; i < 10_000; i++) rates.ofError(`made.up.Error${i}`).processing.add(1);
  rates.ofMethod("nobodyServesThis").processing.add(1);
  const fresh = new DetailedRates([]);
  assert.equal(fresh.ofError(`x.${"y".repeat(1_000_000)}`).name, OTHER_CLASSES);
  assert.equal(names(rates).length, 1 + MAX_CLASSES + 1);
  assert.equal(rates.all().at(-1)?.name, OTHER_CLASSES);
  assert.equal(rates.all().at(-1)?.processing.count, 10_000 - MAX_CLASSES + 1);
});

test("a class with the name of a method counts with it, so that no name is told twice", () => {
  const rates = new DetailedRates(["echo"]);
  rates.ofError("org.example.Echo").processing.add(1);
  assert.deepEqual(names(rates), ["Echo"]);
});

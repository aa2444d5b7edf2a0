import { expect, test } from 'vitest';
import { leastSquaresSlope } from '../../../bench/statistics/least-squares.ts';

test('through points on a line, the slope is that of the line', () => {
  expect(
    leastSquaresSlope([
      [0, 7],
      [1, 10],
      [4, 19],
    ]),
  ).toBe(3);
});

test('between other points, it is the one that comes closest', () => {
  // Means 2 and 3; (-2·-2 + -1·0 + 3·2) / (4 + 1 + 9) = 10/14
  expect(
    leastSquaresSlope([
      [0, 1],
      [1, 3],
      [5, 5],
    ]),
  ).toBeCloseTo(10 / 14, 12);
});

test('a slope may go down', () => {
  expect(
    leastSquaresSlope([
      [1, 5],
      [3, 1],
    ]),
  ).toBe(-2);
});

test('points above one another have none', () => {
  expect(
    leastSquaresSlope([
      [2, 1],
      [2, 3],
    ]),
  ).toBeNaN();
  expect(leastSquaresSlope([])).toBeNaN();
});

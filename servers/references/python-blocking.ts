import { defineReference, interpreted } from '../reference.ts';

export default defineReference({
  name: 'python-blocking',
  summary: "Python's socket module, one connection at a time",
  prepare: () => interpreted('python3', 'blocking.py'),
});

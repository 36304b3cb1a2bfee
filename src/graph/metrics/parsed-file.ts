import { ts } from 'ts-morph';

/** The parents are set; comments are not looked into. */
export function parseForMetrics(path: string, text: string): ts.SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(path, text, options, true);
}

/** 1-based. */
export function lineAt(file: ts.SourceFile, offset: number): number {
  return file.getLineAndCharacterOfPosition(offset).line + 1;
}

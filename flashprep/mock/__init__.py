"""Mock interviews: questions drawn as an interviewer would, a clock for each stage, a rubric, a journal."""

using UniqueRandom.Draws;

namespace UniqueRandom.Audit;

/// <summary>A piece of a draw log with its numbers: a row, or a part of a long one.</summary>
/// <param name="Row">The positions of this piece, and all that its row says of them.</param>
/// <param name="Numbers">The numbers at those positions. Valid until the next piece is read.</param>
public readonly record struct LoggedDraw(DrawLogRow Row, ReadOnlyMemory<long> Numbers);

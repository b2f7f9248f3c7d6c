using UniqueRandom.Draws;

namespace UniqueRandom.Audit;

/// <summary>A row of a draw log, or a part of a long one, with its numbers.</summary>
/// <param name="Row">The row, with the positions of this part.</param>
/// <param name="Numbers">The numbers at those positions. Valid until the next part is read.</param>
public readonly record struct LoggedDraw(DrawLogRow Row, ReadOnlyMemory<long> Numbers);

namespace UniqueRandom.Server.Answers;

/// <summary>The body of GET /pools/{pool}/sample.</summary>
/// <param name="Pool">The name of the pool.</param>
/// <param name="Drawn">How many positions were drawn when the sample was taken.</param>
/// <param name="Positions">Evenly spaced positions, ascending.</param>
/// <param name="Numbers">The number at each of these positions.</param>
internal sealed record NumberSample(string Pool, long Drawn, IReadOnlyList<long> Positions, IReadOnlyList<long> Numbers);

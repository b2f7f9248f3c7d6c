using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Draws numbers.</summary>
internal static class DrawCommand
{
    private const int MostNumbers = 10_000;

    public static Verb Create()
    {
        var pool = Inputs.Pool(PoolName.Default);
        var count = Inputs.Integer("--count", "How many numbers to draw.", "COUNT", 1, MostNumbers);
        count.DefaultValueFactory = _ => 1;
        var reference = Inputs.Text(
            "--reference",
            "A label that the draw log stores.",
            "TEXT",
            text => Reference.IsValid(text),
            $"must have 1 to {Reference.MaximumLength} characters without control characters, and not be "
                + $"{Reference.SkippedAfterRestore} or {Reference.Imported}");
        var key = Inputs.Text(
            "--idempotency-key",
            "Identifies the draw: the same key always returns the same numbers. Default: a new one.",
            "KEY",
            text => IdempotencyKey.IsValid(text),
            $"must have 1 to {IdempotencyKey.MaximumLength} visible ASCII characters");
        return ServerVerb.Create(
            "draw",
            "Draws numbers, and writes each on a line.",
            """
            UniqueRandom.Server draw                                       one number of the pool 'default'
            UniqueRandom.Server draw raffle --count 3 --reference round-2
            UniqueRandom.Server draw --idempotency-key order-4711          the same number each time
            """,
            [pool, count, reference, key, Output.Json],
            async session =>
            {
                var identity = session.Get(key) ?? Guid.NewGuid().ToString();
                var repetition = $"Repeat the draw with {key.Name} {identity} to get them.";
                var draw = await session.CallAsync(
                    cancellationToken => session.Client.DrawAsync(
                        session.Get(pool), (int)session.Get(count), identity, session.Get(reference), cancellationToken),
                    $" The numbers may be drawn. {repetition}");
                try
                {
                    session.Output.Write(draw, TerminalJson.Default.Draw, Views.Numbers);
                }
                catch (IOException error)
                {
                    throw new TerminalException(
                        ExitCodes.NotWritten,
                        $"Can't write the result: {error.Message.TrimEnd('.')}. The numbers are drawn. {repetition}",
                        error);
                }

                return ExitCodes.Done;
            });
    }
}

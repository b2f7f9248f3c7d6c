using UniqueRandom.Draws;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Draws;

/// <summary>The events of draws in the server's log.</summary>
internal static partial class DrawEvents
{
    public static void LogDrawn(this ILogger logger, in DrawRequest request, in DrawOutcome outcome) => LogDrawn(
        logger, outcome.Count, outcome.Position, request.Pool, request.Caller ?? Caller.Anonymous, outcome.Number);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Drew {Count} at position {Position} of pool {Pool} for {Caller}, first number {Number}")]
    private static partial void LogDrawn(ILogger logger, int count, long position, string pool, string caller, long number);
}

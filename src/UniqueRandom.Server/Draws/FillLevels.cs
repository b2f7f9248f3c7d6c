using UniqueRandom.Metrics;

namespace UniqueRandom.Server.Draws;

/// <summary>Logs a warning when a pool reaches a fill level. Of those that one draw reaches, only the highest.</summary>
internal static partial class FillLevels
{
    public static void LogFillLevels(this WebApplication app)
    {
        var logger = app.Logger;
        app.Services.GetRequiredService<DrawActivity>().FillLevelReached += reached =>
        {
            if (!reached.IsHighest)
                return;
            if (reached.Percent == 100)
                LogExhausted(logger, reached.Pool.Name, reached.Pool.Range.Size);
            else
                LogReached(logger, reached.Percent, reached.Pool.Name, reached.Remaining);
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Percent} % of pool {Pool} is drawn, {Remaining} remaining")]
    private static partial void LogReached(ILogger logger, int percent, string pool, long remaining);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool {Pool} is exhausted: all of its {Size} numbers are drawn")]
    private static partial void LogExhausted(ILogger logger, string pool, long size);
}

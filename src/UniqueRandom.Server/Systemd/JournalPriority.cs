using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace UniqueRandom.Server.Systemd;

/// <summary>
/// The prefix with which systemd's journal recognizes the priority of a line. Events have it as a property, for the template of
/// the console.
/// </summary>
internal sealed class JournalPriority : ILogEventEnricher
{
    private const string Property = "JournalPriority";

    // A program that a service has started inherits both variables, and may write to a terminal.
    private static readonly bool IsJournal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 }
        && Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the prefix of a level; empty where the output does not go to the journal.</summary>
    public static string Of(LogEventLevel level) => !IsJournal ? "" : level switch
    {
        LogEventLevel.Fatal => "<2>",
        LogEventLevel.Error => "<3>",
        LogEventLevel.Warning => "<4>",
        LogEventLevel.Information => "<6>",
        _ => "<7>",
    };

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (IsJournal)
            logEvent.AddPropertyIfAbsent(new LogEventProperty(Property, new ScalarValue(Of(logEvent.Level))));
    }
}

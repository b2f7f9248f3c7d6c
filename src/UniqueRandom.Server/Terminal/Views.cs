using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using UniqueRandom.Audit;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Server.Terminal;

/// <summary>Results as people read them. Text is never interpreted as markup.</summary>
internal static class Views
{
    public static IRenderable Table(IReadOnlyCollection<PoolStatus> pools)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn(Heading("Pool")));
        foreach (var left in new[] { "Range", "State" })
            table.AddColumn(new TableColumn(Heading(left)).NoWrap());
        foreach (var right in new[] { "Left", "Left %", "Numbers/s", "Exhausted at" })
            table.AddColumn(new TableColumn(Heading(right)).RightAligned().NoWrap());
        foreach (var pool in pools)
        {
            table.AddRow(
                new Text(pool.Pool),
                new Text(RangeOf(pool)),
                StateOf(pool),
                new Text(Count(pool.Remaining)),
                new Text(Share(pool.Remaining, pool.Size)),
                new Text(Pace(pool)),
                new Text(Time(pool.ExhaustionExpectedAt)));
        }

        return table;
    }

    public static IRenderable Numbers(Draw draw) => Lines(draw.Codes is { } codes
        ? string.Join('\n', codes)
        : string.Join('\n', draw.Numbers));

    public static IRenderable Finding(AuditFinding finding) => Lines(finding.Sentence);

    public static IRenderable Backup(BackupStatus backup) => Grid([
        ("File", new Text(backup.File ?? "")),
        ("Bytes", new Text(Count(backup.Bytes ?? 0))),
        .. Drawn(backup.Pools),
    ]);

    public static IRenderable Check(CheckStatus check) =>
        Grid([("Checked", new Text(Count(check.Total))), .. Drawn(check.Pools)]);

    public static IRenderable Details(PoolStatus pool)
    {
        var details = new List<(string, IRenderable?)>
        {
            ("Pool", new Text(pool.Pool)),
            ("Range", new Text($"{RangeOf(pool)} ({Count(pool.Size)} numbers)")),
            ("Order", new Text(pool.Order.ToString().ToLowerInvariant())),
            ("Codes", Optional(CodesOf(pool))),
            ("Guesses per hit", Optional(pool.GuessesPerHit is { } guesses ? Count(guesses) : null)),
            ("State", StateOf(pool)),
            ("Seeded", pool.State is PoolState.Seeding ? Part(pool.Seeded, pool.Size) : null),
            ("Drawn", Part(pool.Drawn, pool.Size)),
            ("Imported", pool.Imported is { } imported ? Part(imported, pool.Size) : null),
            ("SHA-256", Optional(pool.ImportedSha256)),
            ("Left", new Text(Count(pool.Remaining))),
            ("Speed", new Text($"{Pace(pool)} numbers/s")),
            ("Exhausted at", Optional(Time(pool.ExhaustionExpectedAt))),
            ("Created at", new Text(Time(pool.CreatedAt))),
            ("Closed at", Optional(Time(pool.ClosedAt))),
            ("Commitment", new Text(pool.Commitment)),
            ("Seed", Optional(pool.Seed)),
        };
        details.AddRange((pool.Segments ?? []).Select(
            (segment, i) => ($"Segment {i + 1}", (IRenderable?)new Text(Describe(segment)))));
        return Grid(details);
    }

    public static IRenderable Details(NumberStatus number) => number.IsDrawn
        ? Grid([
            ("Pool", new Text(number.Pool)),
            ("Number", new Text($"{number.Number}")),
            ("Code", Optional(number.Code)),
            ("Drawn at", new Text(Time(number.DrawnAt))),
            ("Position", new Text(Count(number.Position ?? 0))),
            ("Reference", Optional(number.Reference)),
            ("Caller", Optional(number.Caller)),
            ("Key", new Text(number.IsKeyed ? "yes" : "no")),
        ])
        : Lines($"{number.Number} is not drawn.");

    private static IEnumerable<(string Name, IRenderable? Value)> Drawn(IReadOnlyList<DrawnPool>? pools) =>
        (pools ?? []).Select(pool => (pool.Pool, (IRenderable?)Part(pool.Drawn, pool.Size)));

    private static Text Lines(string text) => new($"{text}\n");

    public static IRenderable Details(CodeStatus code) => code.IsIssued
        ? Grid([
            ("Pool", new Text(code.Pool)),
            ("Code", new Text(code.Code)),
            ("Number", new Text($"{code.Number}")),
            ("Issued at", new Text(Time(code.IssuedAt))),
            ("Reference", Optional(code.Reference)),
        ])
        : Lines($"{code.Code} of the pool '{code.Pool}' was not issued.");

    private static Grid Grid(IEnumerable<(string Name, IRenderable? Value)> details)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in details)
        {
            if (value is not null)
                grid.AddRow(Heading(name), value);
        }

        return grid;
    }

    private static Text Heading(string name) => new(name, new Style(decoration: Decoration.Bold));

    private static Text StateOf(PoolStatus pool) => pool.State switch
    {
        PoolState.Seeding => new Text("seeding", new Style(Color.Yellow)),
        PoolState.Open => new Text("open", new Style(Color.Green)),
        PoolState.Closed => new Text("closed", new Style(Color.Grey)),
        _ => new Text("exhausted", new Style(Color.Red)),
    };

    private static string RangeOf(PoolStatus pool) =>
        string.Create(CultureInfo.InvariantCulture, $"{pool.Minimum}..{pool.Maximum}");

    private static string? CodesOf(PoolStatus pool) => pool.Code?.ToCore() is { } code
        ? $"{code.Description}; from {code.Write(pool.Minimum)} to {code.Write(pool.Maximum)}"
        : null;

    private static string Describe(PoolSegment segment)
    {
        var order = segment.Order.ToString().ToLowerInvariant();
        var range = string.Create(
            CultureInfo.InvariantCulture,
            $"{segment.Minimum}..{segment.Maximum} from position {segment.First:N0}, {order}");
        var rest = segment.IsReady ? "" : $", {Share(segment.Seeded, segment.Size)} % stored";
        var seed = segment.Seed is null ? "" : $"\nseed {segment.Seed}";
        return $"{range}{rest}\ncommitment {segment.Commitment}{seed}";
    }

    private static string Pace(PoolStatus pool) => pool.NumbersPerSecond.ToString("N1", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static Text Part(long part, long whole) => new($"{Count(part)} ({Share(part, whole)} %)");

    private static string Share(long part, long whole) =>
        (100.0 * part / whole).ToString("N1", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "";

    private static Text? Optional(string? text) => string.IsNullOrEmpty(text) ? null : new Text(text);
}

namespace UniqueRandom.Benchmarks.Figures;

/// <summary>The results of a measurement, in the order of the report.</summary>
internal sealed class Results
{
    private readonly List<Figure> figures = [];
    private readonly List<string> sections = [];

    public void Add(params IEnumerable<Figure> measured) => figures.AddRange(measured);

    /// <summary>Adds a section in Markdown that follows the figures.</summary>
    public void AddSection(string title, params IEnumerable<string> paragraphs) =>
        sections.Add(string.Join("\n\n", paragraphs.Prepend($"## {title}")));

    /// <summary>Writes all results in Markdown.</summary>
    public string Write()
    {
        var behind = figures.OfType<Ratio>().Where(ratio => ratio.IsBehind).Select(ratio => ratio.Explanation()).ToList();
        return string.Join("\n\n",
        [
            "## Figures",
            string.Join('\n', ["| figure | measured | range |", "|---|---:|---:|", .. figures.Select(figure => figure.Row())]),
            .. behind.Count == 0 ? [] : new[] { "UniqueRandom is behind in these:", string.Join('\n', behind) },
            .. sections,
        ]);
    }
}

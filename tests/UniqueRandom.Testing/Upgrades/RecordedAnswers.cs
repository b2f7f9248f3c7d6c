using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Testing.Upgrades;

/// <summary>What a server answered: its pools, and all draws of each in the order of their positions.</summary>
internal sealed record RecordedAnswers(RecordedPool[] Pools, RecordedDraw[] Draws)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public IEnumerable<RecordedDraw> Keyed => Draws.Where(draw => draw.Key is not null);

    public static RecordedAnswers Parse(string json) => JsonSerializer.Deserialize<RecordedAnswers>(json, Options)!;

    public List<RecordedDraw> DrawsOf(RecordedPool pool) => [.. Draws.Where(draw => draw.Pool == pool.Pool)];

    /// <summary>Adds later draws.</summary>
    public RecordedAnswers With(IEnumerable<RecordedDraw> later) => this with { Draws = [.. Draws, .. later] };

    /// <summary>Writes JSON with a line for each pool and each draw.</summary>
    public override string ToString() => $$"""
        {
          "pools": [
        {{Lines(Pools)}}
          ],
          "draws": [
        {{Lines(Draws)}}
          ]
        }

        """;

    private static string Lines<T>(T[] items) =>
        string.Join(",\n", items.Select(item => $"    {JsonSerializer.Serialize(item, Options)}"));
}

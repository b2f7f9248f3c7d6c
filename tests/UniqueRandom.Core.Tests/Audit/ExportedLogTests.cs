using UniqueRandom.Audit;
using UniqueRandom.Testing.Audit;

namespace UniqueRandom.Core.Tests.Audit;

public sealed class ExportedLogTests
{
    private static readonly long[] Order = [3, 8, 2, 9, 7, 6, 4, 1, 10, 5];

    [Fact]
    public void JSON_and_CSV_give_the_same_numbers_at_the_same_positions()
    {
        var json = Positions(SampleLog.Json(Order, 2, 3, 1, 4));
        Assert.Equal([(2, 2), (3, 9), (4, 7), (5, 6), (6, 4), (7, 1), (8, 10), (9, 5)], json);
        Assert.Equal(json, Positions(SampleLog.Csv(Order, 2, 8)));
    }

    [Fact]
    public void Only_the_verified_fields_are_required()
    {
        Assert.Equal([(0, 3), (1, 8)], Positions(["""{"first":0,"count":2,"numbers":[3,8]}"""]));
        Assert.Equal([(0, 3), (1, 8)], Positions(["position,number", "0,3", "1,8"]));
    }

    [Fact]
    public void Empty_lines_are_skipped_but_counted() =>
        Assert.Equal(
            [2L, 4],
            ExportedLog.Read(["", SampleLog.JsonLine(0, 1, 3), " ", SampleLog.JsonLine(1, 1, 8), ""]).Select(line => line.Line));

    [Fact]
    public void An_empty_export_has_no_lines()
    {
        Assert.Empty(ExportedLog.Read([]));
        Assert.Empty(ExportedLog.Read(["position,number,drawnAt,reference,caller,keyed"]));
    }

    private static List<(long Position, long Number)> Positions(IEnumerable<string> lines) =>
        [.. ExportedLog.Read(lines).SelectMany(line => line.Numbers.Select((number, place) => (line.First + place, number)))];
}

using System.Globalization;
using CsCheck;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Storage.Tests.Marks;

/// <summary>Damaged marks, and damaged values of the switch that resumes after a restore.</summary>
public sealed class MarkInputTests(ITestOutputHelper output) : IDisposable
{
    private const int Marks = 8;
    private const int FileLength = 16 << 10;

    /// <summary>The header and three slots; zeros follow.</summary>
    private const int UsedLength = 4 * 256;

    private readonly TemporaryDirectory directory = new();
    private readonly Dictionary<MarkKey, (long Exact, long Ceiling)> written = [];

    private string Path => directory.File("mark");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_damaged_mark_is_refused_or_has_what_was_written()
    {
        var valid = Enumerable.Range(0, Marks).Select(Create).ToArray();
        await InputSearch.RunAsync(
            from used in Gen.OneOf(valid).Mutated()
            from isWhole in Gen.Frequency((9, Gen.Const(true)), (1, Gen.Const(false)))
            select isWhole ? (byte[])[.. used.Take(FileLength), .. new byte[Math.Max(0, FileLength - used.Length)]] : used,
            Accepts, output);
    }

    [Fact]
    public Task A_damaged_switch_is_refused_or_means_what_it_says() => InputSearch.RunAsync(
        Gen.OneOf("", "default=523000", "a=1,b=number:-48213", "p=0, q=9223372036854775807", "a=1,b=2,c=3").Mutated(),
        text =>
        {
            if (ResumeAfterRestore.Parse(text) is not { } resume)
                return false;
            var parts = text.Split(',').Select(part => part.Trim()).Where(part => part.Length > 0)
                .Select(part => part.Split('=')).ToList();
            Assert.Equal(parts.Count, parts.Select(part => part[0]).Distinct().Count());
            foreach (var part in parts)
            {
                var point = resume.Find(part[0])!.Value;
                var digits = part[1].Replace("number:", "", StringComparison.Ordinal);
                Assert.Equal(part[1] != digits, point.IsNumber);
                // The parser ignores NULs behind the digits.
                Assert.Equal((long)decimal.Parse(digits.TrimEnd('\0'), CultureInfo.InvariantCulture), point.Value);
            }

            return true;
        },
        output);

    private byte[] Create(int mark)
    {
        using (var file = MarkFile.Create(Path, new Guid(mark, 0, 0, new byte[8])))
        {
            for (var pool = 0; pool < mark % 4; pool++)
            {
                var number = 10 * mark + pool;
                var key = new MarkKey(Commitment.To(Seeds.Number(number), new PoolRange(1, 1000)), $"pool-{number}");
                written.Add(key, (10 * number + 1, 10 * number + 7));
                var slot = file.Add(key);
                file.WriteExact(slot, written[key].Exact);
                file.WriteCeiling(slot, written[key].Ceiling);
            }
        }

        var bytes = File.ReadAllBytes(Path)[..UsedLength];
        File.Delete(Path);
        return bytes;
    }

    private bool Accepts(byte[] bytes)
    {
        // In its place, which is faster than a new file.
        using (var handle = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.Write))
        {
            RandomAccess.Write(handle, bytes, 0);
            if (RandomAccess.GetLength(handle) != bytes.Length)
                RandomAccess.SetLength(handle, bytes.Length);
        }

        try
        {
            using var file = MarkFile.Open(Path)!;
            Assert.InRange(BitConverter.ToInt64(file.Identity.ToByteArray()), 0, Marks - 1);
            foreach (var pool in file.Pools)
            {
                Assert.Contains(pool, written.Keys);
                // A value may be that of another mark at this place, because parts of both were joined.
                var (exact, ceiling) = file.Read(file.Find(pool)!.Value);
                Assert.Contains(exact, written.Values.Select(value => value.Exact).Append(0));
                Assert.Contains(ceiling, written.Values.Select(value => value.Ceiling).Append(0));
            }

            return true;
        }
        catch (StoreRefusedException error)
        {
            Assert.Contains(Path, error.Message);
            return false;
        }
    }
}

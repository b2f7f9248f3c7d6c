using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Marks;

public sealed class MarkFileTests : IDisposable
{
    private static readonly Guid Identity = Guid.NewGuid();

    private readonly TemporaryDirectory directory = new();

    private string Path => directory.File("mark");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_file_has_what_was_written_also_when_it_has_grown()
    {
        const int pools = 200;
        using (var file = MarkFile.Create(Path, Identity))
        {
            for (var i = 0; i < pools; i++)
                Write(file, Key(i), 10 * i, 10 * i + 5);
            file.Sync();
        }

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        using var opened = MarkFile.Open(Path)!;
        Assert.Equal(Identity, opened.Identity);
        Assert.Equal(Enumerable.Range(0, pools).Select(Key), opened.Pools);
        for (var i = 0; i < pools; i++)
            Assert.Equal((10 * i, 10 * i + 5), opened.Read(opened.Find(Key(i))!.Value));
        Assert.Null(opened.Find(Key(pools)));
    }

    [Fact]
    public void Each_flipped_byte_is_refused_or_changes_nothing()
    {
        const int used = 3 * 256;
        using (var file = MarkFile.Create(Path, Identity))
        {
            Write(file, Key(0), 100, 164);
            Write(file, Key(1), 7, 8);
        }

        var whole = File.ReadAllBytes(Path);
        var refused = 0;
        for (var place = 0; place < used; place++)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 0x10;
            File.WriteAllBytes(Path, damaged);
            try
            {
                using var file = MarkFile.Open(Path)!;
                Assert.Equal(Identity, file.Identity);
                Assert.Equal((100, 164), file.Read(file.Find(Key(0))!.Value));
                Assert.Equal((7, 8), file.Read(file.Find(Key(1))!.Value));
            }
            catch (StoreRefusedException error)
            {
                Assert.Contains(Path, error.Message);
                refused++;
            }
        }

        // The headers and the hashes; every number is there twice.
        Assert.InRange(refused, 56 + 2 * 128, used - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(16_383)]
    public void A_truncated_file_is_refused(int length)
    {
        MarkFile.Create(Path, Identity).Dispose();
        using (var file = File.OpenWrite(Path))
            file.SetLength(length);
        Assert.Contains("is not a whole mark", Assert.Throws<StoreRefusedException>(() => MarkFile.Open(Path)).Message);
    }

    [Fact]
    public void An_interrupted_addition_is_none()
    {
        using (var file = MarkFile.Create(Path, Identity))
        {
            Write(file, Key(0), 100, 164);
            file.Add(Key(1));
        }

        using (var damage = File.OpenWrite(Path))
        {
            // The commitment of the second slot was not written.
            damage.Position = 2 * 256;
            damage.Write(new byte[32]);
        }

        using var opened = MarkFile.Open(Path)!;
        Assert.Equal([Key(0)], opened.Pools);
        Assert.Equal(1, opened.Add(Key(2)));
    }

    /// <summary>The machine has stopped while the file grew: zeros are all that can be there.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void An_interrupted_growth_is_none_and_other_content_behind_the_blocks_is_refused(byte content, bool isWhole)
    {
        const int pools = 63;
        MarkFile.Create(Path, Identity, Enumerable.Range(0, pools).Select(i => (Key(i), (long)i))).Dispose();
        using (var file = new FileStream(Path, FileMode.Append))
            file.Write(Enumerable.Repeat(content, 5000).ToArray());

        if (!isWhole)
        {
            Assert.Contains("is not a whole mark", Assert.Throws<StoreRefusedException>(() => MarkFile.Open(Path)).Message);
            return;
        }

        using (var opened = MarkFile.Open(Path)!)
            Write(opened, Key(pools), 100, 164);
        using var grown = MarkFile.Open(Path)!;
        Assert.Equal(pools + 1, grown.Pools.Count);
        Assert.Equal((62, 62), grown.Read(pools - 1));
        Assert.Equal((100, 164), grown.Read(pools));
    }

    [Fact]
    public void What_an_interrupted_creation_has_left_is_replaced()
    {
        File.WriteAllText($"{Path}.new", "part of a mark");

        MarkFile.Create(Path, Identity, [(Key(1), 20)]).Dispose();

        using var opened = MarkFile.Open(Path)!;
        Assert.Equal((20, 20), opened.Read(0));
        Assert.Equal([Path], directory.Contents().Keys);
        Assert.Throws<IOException>(() => MarkFile.Create(Path, Identity));
    }

    [Fact]
    public void A_replaced_file_has_the_new_slots_only()
    {
        using (var file = MarkFile.Create(Path, Identity))
            Write(file, Key(0), 100, 164);

        MarkFile.Replace(Path, Identity, [(Key(1), 20)]);

        using var opened = MarkFile.Open(Path)!;
        Assert.Equal([Key(1)], opened.Pools);
        Assert.Equal((20, 20), opened.Read(0));
        Assert.Equal([Path], directory.Contents().Keys);
    }

    [Fact]
    public void A_file_that_left_its_path_can_not_be_synced()
    {
        using var file = MarkFile.Create(Path, Identity);
        file.Sync();

        File.Copy(Path, directory.File("copy"));
        File.Move(directory.File("copy"), Path, overwrite: true);
        Assert.Contains("replaced", Assert.Throws<IOException>(file.Sync).Message);
        File.Delete(Path);
        Assert.Throws<IOException>(file.Sync);
    }

    private static void Write(MarkFile file, MarkKey key, long exact, long ceiling)
    {
        var slot = file.Add(key);
        file.WriteExact(slot, exact);
        file.WriteCeiling(slot, ceiling);
    }

    private static MarkKey Key(int number) =>
        new(Commitment.To(Seeds.Number(number), new PoolRange(1, 10)), $"pool-{number}");
}

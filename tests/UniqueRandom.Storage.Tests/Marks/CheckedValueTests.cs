using System.IO.MemoryMappedFiles;
using UniqueRandom.Storage.Marks;

namespace UniqueRandom.Storage.Tests.Marks;

public sealed class CheckedValueTests : IDisposable
{
    private const int Place = 64;

    private readonly MemoryMappedFile file = MemoryMappedFile.CreateNew(null, 256);
    private readonly MemoryMappedViewAccessor view;

    public CheckedValueTests() => view = file.CreateViewAccessor();

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    [Fact]
    public void Zeros_are_no_value() => Assert.Null(CheckedValue.Read(view, Place));

    [Fact]
    public void Each_interruption_leaves_the_old_or_the_new_value()
    {
        var (before, after) = (new byte[CheckedValue.Length], new byte[CheckedValue.Length]);
        CheckedValue.Write(view, Place, 4711);
        view.ReadArray(Place, before, 0, before.Length);
        CheckedValue.Write(view, Place, 4_294_967_299);
        view.ReadArray(Place, after, 0, after.Length);

        for (var written = 0; written <= after.Length; written++)
        {
            view.WriteArray(Place, before, 0, before.Length);
            view.WriteArray(Place, after, 0, written);
            Assert.Contains(CheckedValue.Read(view, Place)!.Value, new[] { 4711, 4_294_967_299 });
        }
    }

    [Fact]
    public void No_flipped_bit_gives_another_value()
    {
        CheckedValue.Write(view, Place, 523_000);
        for (var bit = 0; bit < 8 * CheckedValue.Length; bit++)
        {
            var place = Place + bit / 8;
            var whole = view.ReadByte(place);
            view.Write(place, (byte)(whole ^ (1 << (bit % 8))));
            Assert.Equal(523_000, CheckedValue.Read(view, Place));
            view.Write(place, whole);
        }
    }

    [Fact]
    public void A_value_of_another_place_is_none()
    {
        CheckedValue.Write(view, Place, 7);
        var bytes = new byte[CheckedValue.Length];
        view.ReadArray(Place, bytes, 0, bytes.Length);
        view.WriteArray(0, bytes, 0, bytes.Length);
        Assert.Null(CheckedValue.Read(view, 0));
    }
}

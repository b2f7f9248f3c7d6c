using UniqueRandom.Storage.Marks;

namespace UniqueRandom.Storage.Tests.Marks;

public sealed class CheckedValueTests
{
    private const int Place = 64;

    private readonly byte[] copies = new byte[CheckedValue.Length];

    [Fact]
    public void Zeros_are_no_value() => Assert.Null(CheckedValue.Read(copies, Place));

    [Fact]
    public void Each_interruption_leaves_the_old_or_the_new_value()
    {
        CheckedValue.Write(copies, Place, 4711);
        var before = copies.ToArray();
        CheckedValue.Write(copies, Place, 4_294_967_299);
        var after = copies.ToArray();

        for (var written = 0; written <= after.Length; written++)
        {
            before.CopyTo(copies, 0);
            after.AsSpan(0, written).CopyTo(copies);
            Assert.Contains(CheckedValue.Read(copies, Place)!.Value, new[] { 4711, 4_294_967_299 });
        }
    }

    [Fact]
    public void No_flipped_bit_gives_another_value()
    {
        CheckedValue.Write(copies, Place, 523_000);
        for (var bit = 0; bit < 8 * CheckedValue.Length; bit++)
        {
            copies[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(523_000, CheckedValue.Read(copies, Place));
            copies[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_value_of_another_place_is_none()
    {
        CheckedValue.Write(copies, Place, 7);
        Assert.Null(CheckedValue.Read(copies, 0));
    }
}

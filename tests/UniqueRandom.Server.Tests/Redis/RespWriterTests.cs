using System.Buffers;
using System.Globalization;
using System.Text;
using UniqueRandom.Server.Redis;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The forms of answers in both versions of the protocol.</summary>
public sealed class RespWriterTests
{
    public static TheoryData<long> Numbers
    {
        get
        {
            var numbers = new TheoryData<long>(0, long.MinValue, long.MinValue + 1, long.MaxValue, long.MaxValue - 1);
            for (var power = 1L; power <= long.MaxValue / 10; power *= 10)
                numbers.AddRange(power, 10 * power - 1, -power, -(10 * power - 1));
            return numbers;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_a_bulk_string_with_its_digits(long number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);

        Assert.Equal($"${text.Length}\r\n{text}\r\n", Write(2, writer => writer.WriteNumber(number)));
        Assert.Equal($":{text}\r\n", Write(2, writer => writer.WriteInteger(number)));
    }

    [Theory]
    [InlineData(2, "$-1\r\n")]
    [InlineData(3, "_\r\n")]
    public void Nil_depends_on_the_version(int version, string expected) =>
        Assert.Equal(expected, Write(version, writer => writer.WriteNull()));

    [Theory]
    [InlineData(2, ":1\r\n:0\r\n")]
    [InlineData(3, "#t\r\n#f\r\n")]
    public void Booleans_are_integers_in_RESP2(int version, string expected) => Assert.Equal(
        expected,
        Write(version, writer =>
        {
            writer.WriteBoolean(true);
            writer.WriteBoolean(false);
        }));

    [Theory]
    [InlineData(2, "*3\r\n*3\r\n*6\r\n")]
    [InlineData(3, "*3\r\n~3\r\n%3\r\n")]
    public void Sets_and_maps_are_arrays_in_RESP2(int version, string expected) => Assert.Equal(
        expected,
        Write(version, writer =>
        {
            writer.BeginArray(3);
            writer.BeginSet(3);
            writer.BeginMap(3);
        }));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Texts_are_the_same_in_both_versions(int version)
    {
        Assert.Equal("+PONG\r\n", Write(version, writer => writer.WriteSimple("PONG"u8)));
        Assert.Equal("$0\r\n\r\n", Write(version, writer => writer.WriteBulk("")));
        Assert.Equal("$4\r\n\r\n\0a\r\n", Write(version, writer => writer.WriteBulk("\r\n\0a"u8)));
        Assert.Equal("$3\r\n€\r\n", Write(version, writer => writer.WriteBulk("€")));
    }

    [Fact]
    public void An_error_is_one_line_whatever_it_quotes() =>
        Assert.Equal("-ERR 'a  b c€'\r\n", Write(2, writer => writer.WriteError("ERR 'a\r\nb\0c€'")));

    private static string Write(int version, Action<RespWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new RespWriter(output) { Version = version });
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

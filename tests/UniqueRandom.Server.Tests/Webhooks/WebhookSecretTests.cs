using System.Text;
using UniqueRandom.Server.Webhooks;

namespace UniqueRandom.Server.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    /// <summary>The example of Standard Webhooks.</summary>
    [Fact]
    public void A_signature_is_that_of_the_specification()
    {
        var secret = WebhookSecret.Parse(WebhookInbox.Secret)!;
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", Encoding.UTF8.GetBytes("{\"test\": 2432232314}")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa~w")]
    public void Other_texts_are_no_secrets(string? text) => Assert.Null(WebhookSecret.Parse(text));

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int size, bool isValid) =>
        Assert.Equal(isValid, WebhookSecret.Parse($"whsec_{Convert.ToBase64String(new byte[size])}") is not null);
}

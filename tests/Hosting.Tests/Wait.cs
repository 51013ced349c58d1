namespace Hosting.Tests;

internal static class Wait
{
    /// <summary>Waits until something holds; fails after half a minute.</summary>
    public static async Task Until(Func<bool> holds, string what)
    {
        for (int i = 0; i < 3_000; i++)
        {
            if (holds())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"Waited for half a minute in vain: {what}");
    }
}

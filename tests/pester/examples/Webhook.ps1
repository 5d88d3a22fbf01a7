# A webhook for the tests: dot-source it in BeforeAll.

# Starts a webhook on a free port. It notes the uid of each alert that it is asked to take (Asked), keeps what it takes
# (Bodies), and refuses those whose uid is in Answer with the status there; '*' stands for all others.
function Start-Webhook {
    $hook = [hashtable]::Synchronized(@{
            Listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
            Asked = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
            Bodies = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
            Answer = @{}
        })
    $hook.Listener.Start()
    $hook.Url = "http://127.0.0.1:$($hook.Listener.LocalEndpoint.Port)"
    $hook.Server = [powershell]::Create().AddScript({
            param($hook)
            $serve = {
                param($stream)
                $head = ''
                while (-not $head.EndsWith("`r`n`r`n")) {
                    $byte = $stream.ReadByte()
                    if ($byte -lt 0) { return }
                    $head += [char] $byte
                }
                if ($head -match '(?m)^Expect: 100-continue') {
                    $go = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 100 Continue`r`n`r`n")
                    $stream.Write($go, 0, $go.Length)
                }
                $bytes = [byte[]]::new([int] ($head -replace '(?s)^.*?\nContent-Length: (\d+).*$', '$1'))
                for ($read = 0; $read -lt $bytes.Length; $read += $count) {
                    $count = $stream.Read($bytes, $read, $bytes.Length - $read)
                    if ($count -eq 0) { return }
                }
                $body = [Text.Encoding]::UTF8.GetString($bytes)
                $uid = ($body | ConvertFrom-Json).alertUid
                [void] $hook.Asked.Add($uid)
                $status = @($hook.Answer[$uid], $hook.Answer['*'], 200 | Where-Object { $_ })[0]
                if ($status -eq 200) {
                    [void] $hook.Bodies.Add($body)
                }
                $answer = "HTTP/1.1 $status x`r`nContent-Length: 2`r`nConnection: close`r`n`r`nok"
                $bytes = [Text.Encoding]::ASCII.GetBytes($answer)
                $stream.Write($bytes, 0, $bytes.Length)
            }
            while ($hook.Listener.Server.IsBound) {
                $client = $hook.Listener.AcceptTcpClient()
                try {
                    & $serve $client.GetStream()
                }
                catch [IO.IOException] {
                    # The client has left, which it may do at any time; the next one is served.
                }
                finally {
                    $client.Dispose()
                }
            }
        }).AddArgument($hook)
    [void] $hook.Server.BeginInvoke()
    $hook
}

function Stop-Webhook($Hook) {
    $Hook.Listener.Stop()
    $Hook.Server.Dispose()
}
